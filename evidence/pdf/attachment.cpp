#include "evidence/pdf/attachment.h"

#include <qpdf/Buffer.hh>
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include <exception>
#include <stdexcept>

#include "evidence/bundle.h"

namespace probatum::evidence::pdf {

namespace {

/// Takes what a stream unpacks to, up to a limit: a small file can unpack to a large one. QPDF turns what a pipeline
/// throws into a warning of its own, so the overflow is remembered here.
class Bounded final : public Pipeline {
public:
    Bounded(Bytes& out, std::size_t limit_bytes) : Pipeline{"bounded", nullptr}, out_{out}, limit_bytes_{limit_bytes} {}
    void write(unsigned char const* data, std::size_t size) override {
        if (out_.size() + size > limit_bytes_) {
            overflowed_ = true;
            throw std::runtime_error{"an attachment above the limit"};
        }
        out_.insert(out_.end(), data, data + size);
    }
    void finish() override {}
    [[nodiscard]] bool overflowed() const { return overflowed_; }

private:
    Bytes& out_;
    std::size_t limit_bytes_;
    bool overflowed_{false};
};

void open(QPDF& pdf, ByteView bytes) {
    pdf.setSuppressWarnings(true);
    pdf.processMemoryFile("certificate.pdf", reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// QPDF speaks in exceptions; here they become errors, the reason as detail.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& problem) {
        return fail(Errc::unusable_input, "pdf", problem.what());
    }
}

}  // namespace

bool is_pdf(ByteView bytes) { return as_text(bytes).starts_with("%PDF-"); }

Result<Bytes> attach(ByteView bytes, ByteView bundle) {
    return guarded([&]() -> Result<Bytes> {
        QPDF pdf;
        open(pdf, bytes);
        auto stream = QPDFEFStreamObjectHelper::createEFStream(pdf, std::string{as_text(bundle)});
        stream.setSubtype(std::string{kBundleContentType});
        auto file = QPDFFileSpecObjectHelper::createFileSpec(pdf, std::string{kAttachmentName}, stream);
        file.setDescription("Probatum evidence bundle: probatum verify");
        file.getObjectHandle().replaceKey("/AFRelationship", QPDFObjectHandle::newName("/Source"));
        QPDFEmbeddedFileDocumentHelper{pdf}.replaceEmbeddedFile(std::string{kAttachmentName}, file);
        auto associated = QPDFObjectHandle::newArray();
        associated.appendItem(file.getObjectHandle());
        pdf.getRoot().replaceKey("/AF", associated);
        QPDFWriter writer{pdf};
        writer.setOutputMemory();
        writer.setDeterministicID(true);
        writer.setMinimumPDFVersion("1.7");
        writer.write();
        const auto out = writer.getBufferSharedPointer();
        return Bytes{out->getBuffer(), out->getBuffer() + out->getSize()};
    });
}

Result<Bytes> attached(ByteView bytes, std::size_t limit_bytes) {
    return guarded([&]() -> Result<Bytes> {
        QPDF pdf;
        open(pdf, bytes);
        const auto file = QPDFEmbeddedFileDocumentHelper{pdf}.getEmbeddedFile(std::string{kAttachmentName});
        if (!file) {
            return fail(Errc::unusable_input, "pdf", "no evidence bundle is attached");
        }
        auto stream = file->getEmbeddedFileStream();
        if (!stream.isStream()) {
            return fail(Errc::unusable_input, "pdf", "no evidence bundle is attached");
        }
        Bytes out;
        Bounded bounded{out, limit_bytes};
        const bool whole = stream.pipeStreamData(&bounded, 0, qpdf_dl_all, true);
        if (bounded.overflowed()) {
            return fail(Errc::too_large, "pdf", "an attachment above the limit");
        }
        if (!whole) {
            return fail(Errc::unusable_input, "pdf", "the attachment cannot be unpacked");
        }
        return out;
    });
}

std::string renderer_of(ByteView bytes) {
    try {
        QPDF pdf;
        open(pdf, bytes);
        auto info = pdf.getTrailer().getKey("/Info");
        if (info.isDictionary() && info.getKey("/Creator").isString()) {
            return info.getKey("/Creator").getUTF8Value();
        }
    } catch (const std::exception&) {
        return {};
    }
    return {};
}

}  // namespace probatum::evidence::pdf
