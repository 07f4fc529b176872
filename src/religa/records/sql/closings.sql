-- A closed day takes no more entries: they go to the next one. Whoever closes takes the account's row FOR UPDATE, whoever
-- books takes it FOR KEY SHARE, so that neither overlooks the other.
CREATE FUNCTION refuse_entry_on_closed_day(account bigint, who text, day date, origin text) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM payment_account WHERE id = account FOR KEY SHARE;
    PERFORM FROM closing c WHERE c.payment_account_id = account AND c.cashier = who AND c.day >= $3;
    IF FOUND THEN
        RAISE EXCEPTION 'account % is closed for %', account, $3
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_takes_no_more', TABLE = origin;
    END IF;
END $$;

CREATE FUNCTION payment_books_on_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE booked record;
BEGIN
    FOR booked IN SELECT payment_account_id, cashier, min(booked_on) AS day FROM added
                   WHERE booked_on IS NOT NULL AND payment_account_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        PERFORM refuse_entry_on_closed_day(booked.payment_account_id, booked.cashier, booked.day, 'payment');
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_books_on_open_day AFTER INSERT ON payment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_books_on_open_day();

CREATE FUNCTION payment_reversal_books_on_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE booked record;
BEGIN
    FOR booked IN SELECT p.payment_account_id, p.cashier, min(r.booked_on) AS day
                    FROM added r JOIN payment p ON p.id = r.payment_id
                   WHERE r.booked_on IS NOT NULL AND p.payment_account_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        PERFORM refuse_entry_on_closed_day(booked.payment_account_id, booked.cashier, booked.day, 'payment_reversal');
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_reversal_books_on_open_day AFTER INSERT ON payment_reversal
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_reversal_books_on_open_day();
