import { z } from "zod";
import { ShopTool } from "../tool.js";

export default class AddToCart extends ShopTool {
  name = "add_to_cart";
  description = "Put an article into the cart.";
  parameters = z.object({ article: z.string(), size: z.enum(["s", "m", "l"]).optional() });
}
