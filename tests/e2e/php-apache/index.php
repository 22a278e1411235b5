<?php
file_put_contents('counter', 'x', FILE_APPEND);
echo 'hello from apache, visit ', filesize('counter');
