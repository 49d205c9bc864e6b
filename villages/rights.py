"""Names of the rights over places; `accounts.roles` says who holds them."""

PLACE_MANAGE = "place.manage"
COUNTY_SETTINGS = "county.settings"
