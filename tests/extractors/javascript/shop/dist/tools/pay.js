import { z } from "zod";
import { ShopTool } from "../tool.js";

export default class Pay extends ShopTool {
  name = "pay";
  description = "Pay what is in the cart.";
  parameters = z.object({ amount: z.number().positive() }).strict();
  annotations = { destructiveHint: true };
}
