INSERT INTO stock (sku, on_hand) VALUES ('SHIRT-S', 100000), ('CAP', 100000);
