using System.Diagnostics.CodeAnalysis;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Providers;

/// <summary>How each model's input is counted: its text exactly where the tokenizer is published, and by UTF-8 bytes otherwise.</summary>
/// <remarks>Thread-safe. Keep one: it holds the loaded tokenizers.</remarks>
[Experimental(ApiTier.Adapters)]
public sealed class TokenCounters : IInputRules
{
    private readonly TiktokenCounter _o200k = new("o200k_base");
    private readonly TiktokenCounter _cl100k = new("cl100k_base");
    private readonly Utf8TokenCounter _utf8 = new();

    /// <summary>The counter of a model's text.</summary>
    public ITokenCounter For(ModelKey model) => Vendor.Of(model.Provider).EncodingOf(model.Model) switch
    {
        TextEncoding.O200k => _o200k,
        TextEncoding.Cl100k => _cl100k,
        _ => _utf8,
    };

    ITokenCounter IInputRules.CounterOf(ModelKey model) => For(model);

    long IInputRules.ToolPromptOf(ModelKey model) => Vendor.Of(model.Provider).ToolPrompt;

    long? IInputRules.ImageOf(ModelKey model, ImageSize? size, string? detail) => Vendor.Of(model.Provider).ImageOf(model.Model, size, detail);

    bool IInputRules.ImagesNeedSize(ModelKey model) => Vendor.Of(model.Provider).ImagesNeedSize(model.Model);
}
