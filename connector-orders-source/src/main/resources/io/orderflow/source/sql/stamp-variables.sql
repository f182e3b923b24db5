${touched_declarations}
${unstamped_declarations}
  existing bigint;
  done text;
