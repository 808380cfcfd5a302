/** For tests: a wallet that might begin again. */
import type { ResetPlan } from "@/api/wallets";

export const plan: ResetPlan = {
  allowed: true,
  reset_at: null,
  open_positions: 3,
  positions_value: 0.59,
  sol_balance: 14,
  total_value: 14.59,
  initial_sol_balance: 15,
  overall_pnl: -0.41,
  shadows: 2,
  least_sol: 1,
  most_sol: 1000,
  drawn_from_sol: 10,
  drawn_to_sol: 20,
};
