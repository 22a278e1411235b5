<?php
$root = dirname(__DIR__);
file_put_contents("$root/storage/logs/app.log", "seen\n", FILE_APPEND);
file_put_contents("$root/bootstrap/cache/config.php", '<?php return [];');
@mkdir("$root/storage/framework/views", 0755, true);
file_put_contents("$root/storage/framework/views/a.php", 'view');
echo 'log ', is_file("$root/storage/logs/app.log") ? 'kept' : 'lost', ', views ',
    is_file("$root/storage/framework/views/a.php") ? 'kept' : 'lost';
