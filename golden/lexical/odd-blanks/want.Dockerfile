FROM node:20-alpine   
WORKDIR/app	
  
COPY . .  
# node
USER 1000  
CMD ["node", "server.js"]   
