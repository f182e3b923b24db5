INSERT INTO stock (sku, on_hand) VALUES ('7', 100000), ('8', 100000);
