ANALYZE ${orders};
