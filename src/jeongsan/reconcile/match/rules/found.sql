-- What the rules find. A row that stands in one of these tables is in neither `open_left` nor `open_right`.

CREATE OR REPLACE TEMP TABLE pairs (left_id BIGINT NOT NULL, right_id BIGINT NOT NULL, rule VARCHAR NOT NULL);

-- Groups of other than one row against one, and rows alone. `group_id` is the least row of the left side in it, or
-- minus the least of the right.
CREATE OR REPLACE TEMP TABLE grouped (
    side VARCHAR NOT NULL,                 -- LEFT, RIGHT
    row_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
