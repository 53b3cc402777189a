SITENAME = "Bread"
SITEURL = "https://bread.example"
