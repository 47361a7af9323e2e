"""What a gateway lists, brought into a folder of Parquet files, a day each, with a manifest."""
