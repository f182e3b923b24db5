INSERT INTO stock (sku, on_hand) VALUES ('1:1', 100000), ('1:2', 100000), ('2:1', 100000);
