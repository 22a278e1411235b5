window.API = "@API_URL@";
