"""The secret keys of every test's shop: always the same, so that a program's test settings may name them."""

LIVE_KEY = "live_sk_JeongsanPytestLive000000000"
TEST_KEY = "test_sk_JeongsanPytestTest000000000"
MID = "tjeongsan"
