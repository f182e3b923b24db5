INSERT INTO stock (sku, on_hand) VALUES ('MUG', 100000);
