<?php echo "hello from the public folder\n";
