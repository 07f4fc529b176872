-- A boleto is known by its nosso número, which everybody writes in his own way. These are the forms of
-- domain/nosso_numero.py (a test compares them), kept in indexes: NULL where there is none.
CREATE FUNCTION title_whole(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nullif(ltrim(upper(regexp_replace(written, '[^0-9A-Za-z]', '', 'g') COLLATE "C"), '0'), '');

-- Without the carteira before a slash and the check digit behind a hyphen; NULL where that is the same.
CREATE FUNCTION title_core(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN strpos(written, '/') > 0 OR strpos(written, '-') > 0
                THEN title_whole(regexp_replace(regexp_replace(written, '^.*/', ''), '- *[0-9A-Za-z] *$', '')) END;

-- The number in the campo livre of a linha digitável of 47 digits, by its bank's places.
CREATE FUNCTION title_of_livre(bank text, livre text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nullif(ltrim(CASE bank
        WHEN '001' THEN CASE WHEN livre LIKE '000000%' THEN substr(livre, 7, 17) END
        WHEN '004' THEN substr(livre, 13, 8)
        WHEN '033' THEN substr(livre, 9, 13)
        WHEN '104' THEN substr(livre, 11, 1) || substr(livre, 15, 1) || substr(livre, 8, 3) || substr(livre, 12, 3)
                        || substr(livre, 16, 9)
        WHEN '208' THEN substr(livre, 7, 11)
        WHEN '237' THEN substr(livre, 7, 11)
        WHEN '341' THEN substr(livre, 4, 8)
        WHEN '748' THEN substr(livre, 3, 9)
        WHEN '756' THEN substr(livre, 15, 8)
    END, '0'), '');
CREATE FUNCTION title_of_line(line text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(line) = 47
                THEN title_of_livre(substr(line, 1, 3), substr(line, 5, 5) || substr(line, 11, 10) || substr(line, 22, 10)) END;

CREATE INDEX charge_title_whole ON charge (title_whole(nosso_numero)) WHERE title_whole(nosso_numero) IS NOT NULL;
CREATE INDEX charge_title_core ON charge (title_core(nosso_numero)) WHERE title_core(nosso_numero) IS NOT NULL;
CREATE INDEX charge_title_of_line ON charge (title_of_line(linha_digitavel))
    WHERE title_of_line(linha_digitavel) IS NOT NULL;
