"""挂图作战: a map of places coloured by a column, from outlines where the county has them, as tiles by township otherwise; and the sheet that hangs."""
