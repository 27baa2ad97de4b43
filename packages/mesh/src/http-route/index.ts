export { translateHttpRoutes } from "./translate-http-routes.ts";
