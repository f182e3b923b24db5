INSERT INTO stock (sku, on_hand) VALUES ('1:BOOK-1', 100000), ('2:BOOK-1', 100000), ('1:BOOK-2', 100000);
