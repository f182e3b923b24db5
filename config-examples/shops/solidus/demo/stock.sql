INSERT INTO stock (sku, on_hand) VALUES ('TSHIRT-S', 100000), ('TSHIRT-M', 100000);
