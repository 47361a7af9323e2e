"""The JSON encoder of everything that leaves: decimals as numbers, keys in recorded order."""

import msgspec

encode = msgspec.json.Encoder(decimal_format="number").encode
