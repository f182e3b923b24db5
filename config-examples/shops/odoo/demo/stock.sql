INSERT INTO stock (sku, on_hand) VALUES ('FURN-1', 100000000), ('CABLE-M', 100000000), ('product-22', 100000000);
