"""The API for bots, phone menus and apps. It says what the other doors say, in final words; see openapi.yaml."""
