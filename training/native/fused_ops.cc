// TensorFlow ops of our own for the native back end, each a whole sub-formula of a transformer in one pass over memory:
// op by op these formulas read and write their arrays five to fifteen times. `training/ops` calls them and holds the same
// formulas in TensorFlow.js's ops for back ends that lack them.
#include <malloc.h>

#include <functional>

#include "fused_loops.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace qingnang {
namespace {

using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

/** Large buffers come and go by the thousand: kept in the heap, they are not faulted in anew each time. */
__attribute__((constructor)) void keep_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

/** Splits [0, total) among TensorFlow's own threads; `cost` is about the cycles of one unit. */
void parallel(OpKernelContext* context, Index total, Index cost, const std::function<void(Index, Index)>& work) {
  context->device()->tensorflow_cpu_worker_threads()->workers->ParallelFor(total, cost, work);
}

const float* in(OpKernelContext* context, int index) { return static_cast<const float*>(context->input(index).data()); }

const int32_t* ids_in(OpKernelContext* context, int index) {
  return static_cast<const int32_t*>(context->input(index).data());
}

float* out(OpKernelContext* context, int index, const TensorShape& shape) {
  Tensor* tensor = nullptr;
  context->SetStatus(context->allocate_output(index, shape, &tensor));
  return tensor == nullptr ? nullptr : static_cast<float*>(tensor->data());
}

Index width_of(const Tensor& x) { return x.dim_size(x.dims() - 1); }
Index rows_of(const Tensor& x) { return x.NumElements() / width_of(x); }

class RmsNorm : public OpKernel {
 public:
  explicit RmsNorm(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("epsilon", &epsilon_)); }
  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(0);
    const Index width = width_of(x), rows = rows_of(x);
    float *y = out(c, 0, x.shape()), *inverse = out(c, 1, TensorShape({rows}));
    if (!c->status().ok()) return;
    parallel(c, rows, width * 2, [&](Index from, Index to) {
      rms_norm(in(c, 0), in(c, 1), epsilon_, y, inverse, width, from, to);
    });
  }

 private:
  float epsilon_;
};

class RmsNormGrad : public OpKernel {
 public:
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(1);
    const Index width = width_of(x), rows = rows_of(x);
    float *dx = out(c, 0, x.shape()), *dgain = out(c, 1, TensorShape({width}));
    if (!c->status().ok()) return;
    parallel(c, rows, width * 2, [&](Index from, Index to) {
      rms_norm_grad_x(in(c, 0), in(c, 1), in(c, 2), in(c, 3), dx, width, from, to);
    });
    parallel(c, width, rows, [&](Index from, Index to) {
      rms_norm_grad_gain(in(c, 0), in(c, 1), in(c, 3), dgain, rows, width, from, to);
    });
  }
};

class Rotary : public OpKernel {
 public:
  explicit Rotary(OpKernelConstruction* c) : OpKernel(c) {
    OP_REQUIRES_OK(c, c->GetAttr("heads", &heads_));
    OP_REQUIRES_OK(c, c->GetAttr("sign", &sign_));
  }
  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(0);
    const Index width = width_of(x);
    float* y = out(c, 0, x.shape());
    if (!c->status().ok()) return;
    parallel(c, rows_of(x), width, [&](Index from, Index to) {
      rotary(in(c, 0), in(c, 1), in(c, 2), sign_, y, heads_, width / heads_, from, to);
    });
  }

 private:
  int64_t heads_;
  float sign_;
};

class SwiGlu : public OpKernel {
 public:
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* c) override {
    const Tensor& gate = c->input(0);
    float* y = out(c, 0, gate.shape());
    if (!c->status().ok()) return;
    parallel(c, gate.NumElements(), 4, [&](Index from, Index to) { swiglu(in(c, 0), in(c, 1), y, from, to); });
  }
};

class SwiGluGrad : public OpKernel {
 public:
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* c) override {
    const Tensor& dy = c->input(0);
    float *dgate = out(c, 0, dy.shape()), *dup = out(c, 1, dy.shape());
    if (!c->status().ok()) return;
    parallel(c, dy.NumElements(), 6, [&](Index from, Index to) {
      swiglu_grad(in(c, 0), in(c, 1), in(c, 2), dgate, dup, from, to);
    });
  }
};

/** Scores [batch·heads·queries, keys]; mask [batch, 1 or heads, queries, keys]. */
class MaskedSoftmax : public OpKernel {
 public:
  explicit MaskedSoftmax(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("scale", &scale_)); }
  void Compute(OpKernelContext* c) override {
    const Tensor &x = c->input(0), &mask = c->input(1);
    const Index width = width_of(x), rows = rows_of(x), queries = mask.dim_size(2);
    const Index rows_of_item = rows / mask.dim_size(0);
    const bool by_head = mask.dim_size(1) > 1;
    float* y = out(c, 0, x.shape());
    if (!c->status().ok()) return;
    parallel(c, rows, width * 4, [&](Index from, Index to) {
      for (Index r = from; r < to; r++) {
        const Index m = by_head ? r : r / rows_of_item * queries + r % queries;
        masked_softmax_row(in(c, 0) + r * width, in(c, 1) + m * width, scale_, y + r * width, width);
      }
    });
  }

 private:
  float scale_;
};

class SoftmaxGrad : public OpKernel {
 public:
  explicit SoftmaxGrad(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("scale", &scale_)); }
  void Compute(OpKernelContext* c) override {
    const Tensor& y = c->input(1);
    const Index width = width_of(y);
    float* dx = out(c, 0, y.shape());
    if (!c->status().ok()) return;
    parallel(c, rows_of(y), width * 2, [&](Index from, Index to) {
      softmax_grad(in(c, 0), in(c, 1), scale_, dx, width, from, to);
    });
  }

 private:
  float scale_;
};

class ChosenLogProbs : public OpKernel {
 public:
  explicit ChosenLogProbs(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("factor", &factor_)); }
  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(0);
    const Index width = width_of(x), rows = rows_of(x);
    const int32_t* ids = ids_in(c, 1);
    float *y = out(c, 0, TensorShape({rows})), *log_sums = out(c, 1, TensorShape({rows}));
    if (!c->status().ok()) return;
    parallel(c, rows, width * 3, [&](Index from, Index to) {
      chosen_log_probs(in(c, 0), ids, factor_, y, log_sums, width, from, to);
    });
  }

 private:
  float factor_;
};

class ChosenLogProbsGrad : public OpKernel {
 public:
  explicit ChosenLogProbsGrad(OpKernelConstruction* c) : OpKernel(c) {
    OP_REQUIRES_OK(c, c->GetAttr("factor", &factor_));
  }
  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(1);
    const Index width = width_of(x);
    const int32_t* ids = ids_in(c, 2);
    float* dx = out(c, 0, x.shape());
    if (!c->status().ok()) return;
    parallel(c, rows_of(x), width * 3, [&](Index from, Index to) {
      chosen_log_probs_grad(in(c, 0), in(c, 1), ids, in(c, 3), factor_, dx, width, from, to);
    });
  }

 private:
  float factor_;
};

class AdamWUpdate : public OpKernel {
 public:
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* c) override {
    const Tensor& w = c->input(0);
    const float* n = in(c, 4);
    const AdamW numbers{n[0], n[1], n[2], n[3], n[4], n[5], n[6]};
    float *w_out = out(c, 0, w.shape()), *m_out = out(c, 1, w.shape()), *v_out = out(c, 2, w.shape());
    if (!c->status().ok()) return;
    parallel(c, w.NumElements(), 6, [&](Index from, Index to) {
      adamw(numbers, in(c, 0), in(c, 1), in(c, 2), in(c, 3), w_out, m_out, v_out, from, to);
    });
  }
};

#define QINGNANG_OP(NAME, CLASS, DEFINITION)                                                  \
  REGISTER_OP(NAME) DEFINITION.SetShapeFn(tensorflow::shape_inference::UnknownShape);         \
  REGISTER_KERNEL_BUILDER(Name(NAME).Device(tensorflow::DEVICE_CPU), CLASS)

#define F32(NAME) NAME ": float"

QINGNANG_OP("QingnangRmsNorm", RmsNorm,
            .Input(F32("x")).Input(F32("gain")).Attr("epsilon: float").Output(F32("y")).Output(F32("inverse")));
QINGNANG_OP("QingnangRmsNormGrad", RmsNormGrad,
            .Input(F32("dy")).Input(F32("x")).Input(F32("gain")).Input(F32("inverse"))
            .Output(F32("dx")).Output(F32("dgain")));
QINGNANG_OP("QingnangRotary", Rotary,
            .Input(F32("x")).Input(F32("cos")).Input(F32("sin")).Attr("heads: int").Attr("sign: float")
            .Output(F32("y")));
QINGNANG_OP("QingnangSwiGlu", SwiGlu, .Input(F32("gate")).Input(F32("up")).Output(F32("y")));
QINGNANG_OP("QingnangSwiGluGrad", SwiGluGrad,
            .Input(F32("dy")).Input(F32("gate")).Input(F32("up")).Output(F32("dgate")).Output(F32("dup")));
QINGNANG_OP("QingnangMaskedSoftmax", MaskedSoftmax,
            .Input(F32("x")).Input(F32("mask")).Attr("scale: float").Output(F32("y")));
QINGNANG_OP("QingnangSoftmaxGrad", SoftmaxGrad,
            .Input(F32("dy")).Input(F32("y")).Attr("scale: float").Output(F32("dx")));
QINGNANG_OP("QingnangChosenLogProbs", ChosenLogProbs,
            .Input(F32("x")).Input("ids: int32").Attr("factor: float").Output(F32("y")).Output(F32("log_sums")));
QINGNANG_OP("QingnangChosenLogProbsGrad", ChosenLogProbsGrad,
            .Input(F32("dy")).Input(F32("x")).Input("ids: int32").Input(F32("log_sums")).Attr("factor: float")
            .Output(F32("dx")));
QINGNANG_OP("QingnangAdamW", AdamWUpdate,
            .Input(F32("weights")).Input(F32("gradient")).Input(F32("first")).Input(F32("second"))
            .Input(F32("numbers")).Output(F32("weights_out")).Output(F32("first_out")).Output(F32("second_out")));

}  // namespace
}  // namespace qingnang
