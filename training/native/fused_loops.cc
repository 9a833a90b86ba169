#include "fused_loops.h"

#include <algorithm>
#include <cmath>

namespace qingnang {

void rms_norm(const float* x, const float* gain, float epsilon, float* y, float* inverse, Index width, Index from,
              Index to) {
  for (Index r = from; r < to; r++) {
    const float* row = x + r * width;
    float* out = y + r * width;
    float squares = 0;
    for (Index i = 0; i < width; i++) squares += row[i] * row[i];
    const float inv = 1.0f / std::sqrt(squares / width + epsilon);
    inverse[r] = inv;
    for (Index i = 0; i < width; i++) out[i] = row[i] * inv * gain[i];
  }
}

void rms_norm_grad_x(const float* dy, const float* x, const float* gain, const float* inverse, float* dx, Index width,
                     Index from, Index to) {
  for (Index r = from; r < to; r++) {
    const float *d = dy + r * width, *row = x + r * width;
    float* out = dx + r * width;
    const float inv = inverse[r];
    float along = 0;
    for (Index i = 0; i < width; i++) along += d[i] * gain[i] * row[i];
    along *= inv * inv / width;
    for (Index i = 0; i < width; i++) out[i] = (d[i] * gain[i] - row[i] * along) * inv;
  }
}

void rms_norm_grad_gain(const float* dy, const float* x, const float* inverse, float* dgain, Index rows, Index width,
                        Index from, Index to) {
  std::fill(dgain + from, dgain + to, 0.0f);
  for (Index r = 0; r < rows; r++) {
    const float *d = dy + r * width, *row = x + r * width;
    const float inv = inverse[r];
    for (Index i = from; i < to; i++) dgain[i] += d[i] * row[i] * inv;
  }
}

void rotary(const float* x, const float* cos, const float* sin, float sign, float* y, Index heads, Index d, Index from,
            Index to) {
  const Index half = d / 2;
  for (Index r = from; r < to; r++) {
    const float *c = cos + r * d, *s = sin + r * d;
    for (Index h = 0; h < heads; h++) {
      const float* in = x + (r * heads + h) * d;
      float* out = y + (r * heads + h) * d;
      for (Index i = 0; i < half; i++) {
        out[i] = in[i] * c[i] - sign * in[i + half] * s[i];
        out[i + half] = in[i + half] * c[i] + sign * in[i] * s[i];
      }
    }
  }
}

void swiglu(const float* gate, const float* up, float* y, Index from, Index to) {
  for (Index i = from; i < to; i++) y[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
}

void swiglu_grad(const float* dy, const float* gate, const float* up, float* dgate, float* dup, Index from, Index to) {
  for (Index i = from; i < to; i++) {
    const float sigma = 1.0f / (1.0f + std::exp(-gate[i]));
    const float silu = gate[i] * sigma;
    dgate[i] = dy[i] * up[i] * (sigma + silu * (1.0f - sigma));
    dup[i] = dy[i] * silu;
  }
}

void masked_softmax_row(const float* x, const float* mask, float scale, float* y, Index width) {
  float highest = scale * x[0] + mask[0];
  for (Index i = 0; i < width; i++) {
    y[i] = scale * x[i] + mask[i];
    highest = std::max(highest, y[i]);
  }
  float sum = 0;
  for (Index i = 0; i < width; i++) {
    y[i] = std::exp(y[i] - highest);
    sum += y[i];
  }
  const float inverse = 1.0f / sum;
  for (Index i = 0; i < width; i++) y[i] *= inverse;
}

void softmax_grad(const float* dy, const float* y, float scale, float* dx, Index width, Index from, Index to) {
  for (Index r = from; r < to; r++) {
    const float *d = dy + r * width, *p = y + r * width;
    float* out = dx + r * width;
    float expected = 0;
    for (Index i = 0; i < width; i++) expected += d[i] * p[i];
    for (Index i = 0; i < width; i++) out[i] = scale * p[i] * (d[i] - expected);
  }
}

void chosen_log_probs(const float* x, const int32_t* ids, float factor, float* y, float* log_sums, Index width,
                      Index from, Index to) {
  for (Index r = from; r < to; r++) {
    const float* row = x + r * width;
    float highest = row[0];
    for (Index i = 0; i < width; i++) highest = std::max(highest, row[i]);
    float sum = 0;
    for (Index i = 0; i < width; i++) sum += std::exp((row[i] - highest) * factor);
    const float rest = std::log(sum);
    log_sums[r] = highest * factor + rest;
    // Not through the sum of both: near ±200 the difference would lose its last digits.
    y[r] = (row[ids[r]] - highest) * factor - rest;
  }
}

void chosen_log_probs_grad(const float* dy, const float* x, const int32_t* ids, const float* log_sums, float factor,
                           float* dx, Index width, Index from, Index to) {
  for (Index r = from; r < to; r++) {
    const float* row = x + r * width;
    float* out = dx + r * width;
    const float slope = dy[r] * factor, sum = log_sums[r];
    for (Index i = 0; i < width; i++) out[i] = -slope * std::exp(row[i] * factor - sum);
    out[ids[r]] += slope;
  }
}

void adamw(const AdamW& n, const float* w, const float* g, const float* m, const float* v, float* w_out, float* m_out,
           float* v_out, Index from, Index to) {
  for (Index i = from; i < to; i++) {
    const float first = n.beta1 * m[i] + n.share1 * g[i];
    const float second = n.beta2 * v[i] + n.share2 * g[i] * g[i];
    m_out[i] = first;
    v_out[i] = second;
    w_out[i] = n.kept * w[i] - n.step_size * first / (std::sqrt(second) + n.epsilon);
  }
}

}  // namespace qingnang
