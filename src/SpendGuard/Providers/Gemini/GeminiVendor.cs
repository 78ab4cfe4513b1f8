using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing.Terms;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.Gemini;

/// <summary>Google, as far as its Gemini models go.</summary>
internal sealed class GeminiVendor() : Vendor("gemini")
{
    /// <summary>
    /// As its adapters hand the counts on, and as it tells them in another vendor's format; its own answers never count thoughts as output.
    /// </summary>
    public override CountRules Counting { get; } = new() { Reasoning = ReasoningPlace.Beside, ReasoningByTotal = true, AlwaysTellsTotal = true };

    internal override bool RunsItsCounts => true;

    internal override string TelemetryName => "gcp.gemini";

    internal override string ChatOperation => "generate_content";

    internal override bool Makes(string model) => model.StartsWith("gemini", StringComparison.OrdinalIgnoreCase);

    internal override SilentTerms TermsOf(string model) => GeminiTerms.Of(model);

    internal override bool Reasons(string model) => GeminiModel.Thinks(model);

    public override AnswerReader ChatReader(CallShape shape) => new GeminiReader();

    /// <summary>Under the same status it says that a call took too long, which may have run.</summary>
    internal override bool IsOverload(ProviderError error) => error.Status == "UNAVAILABLE" && !error.Says("deadline");

    internal override long? ImageOf(string model, ImageSize? size, string? detail) => GeminiImages.Tokens(model, size);

    internal override bool ImagesNeedSize(string model) => GeminiImages.Tokens(model, size: null) is null;

    /// <summary>Google's adapter goes on by itself when an answer is not complete: several requests are billed, and a stream tells of the last.</summary>
    internal override ClientAdapter? AdapterNamed(string name) => name switch
    {
        "gcp.gen_ai" => new ClientAdapter { Provider = Name, Assembly = "Google.GenAI", SendsSeveralRequests = true },
        "google" or "gcp.gemini" => new ClientAdapter { Provider = Name },
        _ => null,
    };
}
