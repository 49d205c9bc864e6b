"""The home page by the widest area that the caller works in: village, township, county."""
