// The arithmetic of the fused ops, free of TensorFlow, so that it can be compiled for this very processor.
// Every function works on a range [from, to) of rows (or columns), so that the ranges of one call run side by side.
#pragma once
#include <cstdint>

namespace qingnang {

using Index = int64_t;

/** y = x / sqrt(mean(x²) + epsilon) · gain, row by row; `inverse` keeps the reciprocal root. */
void rms_norm(const float* x, const float* gain, float epsilon, float* y, float* inverse, Index width, Index from,
              Index to);
void rms_norm_grad_x(const float* dy, const float* x, const float* gain, const float* inverse, float* dx, Index width,
                     Index from, Index to);
/** Over a range of columns. */
void rms_norm_grad_gain(const float* dy, const float* x, const float* inverse, float* dgain, Index rows, Index width,
                        Index from, Index to);

/** Each head of a row turned by the row's angles; sign −1 turns back. cos and sin are [rows, d], alike in both halves. */
void rotary(const float* x, const float* cos, const float* sin, float sign, float* y, Index heads, Index d, Index from,
            Index to);

/** silu(gate)·up over single numbers. */
void swiglu(const float* gate, const float* up, float* y, Index from, Index to);
void swiglu_grad(const float* dy, const float* gate, const float* up, float* dgate, float* dup, Index from, Index to);

/** softmax(scale·x + mask) of one row. */
void masked_softmax_row(const float* x, const float* mask, float scale, float* y, Index width);
/** scale · y · (dy − Σ dy·y), row by row. */
void softmax_grad(const float* dy, const float* y, float scale, float* dx, Index width, Index from, Index to);

/** log softmax(x·factor) at `ids`; `log_sums` keeps log Σ exp(x·factor). */
void chosen_log_probs(const float* x, const int32_t* ids, float factor, float* y, float* log_sums, Index width,
                      Index from, Index to);
void chosen_log_probs_grad(const float* dy, const float* x, const int32_t* ids, const float* log_sums, float factor,
                           float* dx, Index width, Index from, Index to);

/** Numbers of one AdamW update, in this order in the op's `numbers` input; 1 − β is rounded by whoever has it in full. */
struct AdamW {
  float beta1, share1, beta2, share2, epsilon, step_size, kept;
};
/** m = β₁·m + share₁·g, v = β₂·v + share₂·g², w = kept·w − step_size · m / (sqrt(v) + epsilon). */
void adamw(const AdamW& n, const float* w, const float* g, const float* m, const float* v, float* w_out, float* m_out,
           float* v_out, Index from, Index to);

}  // namespace qingnang
