<?php
session_start();
$_SESSION['visits'] = 1;
session_write_close();
echo 'hello from php, session kept: ', file_exists('/site/var/sessions/sess_' . session_id()) ? 'yes' : 'no';
