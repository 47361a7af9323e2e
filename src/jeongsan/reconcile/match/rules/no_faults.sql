-- A transaction says nothing of itself that could be wrong.
CREATE OR REPLACE TEMP TABLE right_faults AS
SELECT NULL::BIGINT AS row_id, NULL::VARCHAR[] AS reasons,
       NULL::STRUCT("field" VARCHAR, "left" VARCHAR, "right" VARCHAR)[] AS fields
WHERE false;
