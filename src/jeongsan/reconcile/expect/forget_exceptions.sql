-- Before they are found anew.
DELETE FROM terms_exceptions;
