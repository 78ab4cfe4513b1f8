using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Terms;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Providers.Azure;
using SpendGuard.Providers.Counts;
using SpendGuard.Providers.Gemini;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Providers.XAI;

namespace SpendGuard.Providers;

/// <summary>What is known of one vendor and not of others. What is said here holds for those of whom nothing is known.</summary>
[Experimental(ApiTier.Adapters)]
public class Vendor
{
    private static readonly Vendor Other = new("");

    private static readonly FrozenDictionary<string, Vendor> ByName =
        ((Vendor[])[new OpenAIVendor(), new AnthropicVendor(), new GeminiVendor(), new XAIVendor(), new AzureVendor()])
            .ToFrozenDictionary(vendor => vendor.Name, StringComparer.Ordinal);

    private protected Vendor(string name) => Name = name;

    /// <summary>How it counts.</summary>
    public virtual CountRules Counting { get; } = new();

    internal static IReadOnlyList<Vendor> Known => ByName.Values;

    /// <summary>Its name in the price book.</summary>
    internal string Name { get; }

    /// <summary>The most tokens of a prompt that it adds to a call with tools.</summary>
    internal virtual long ToolPrompt => 0;

    /// <summary>Its name by the conventions of telemetry.</summary>
    internal virtual string? TelemetryName => null;

    /// <summary>What a call for text is by the conventions of telemetry.</summary>
    internal virtual string ChatOperation => "chat";

    /// <summary>The vendor that bills under a name.</summary>
    /// <param name="provider">Who bills, as the price book names it.</param>
    public static Vendor Of(string provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return ByName.GetValueOrDefault(provider, Other);
    }

    /// <summary>The vendor that serves the calls to an address, as far as its host tells; else the one that bills under a name.</summary>
    /// <param name="provider">Who bills, as the price book names it.</param>
    /// <param name="address">The address; null where it is not known.</param>
    public static Vendor Serving(string provider, Uri? address) =>
        (address is { IsAbsoluteUri: true } ? At(address.Host) : null) ?? Of(provider);

    /// <summary>The vendor whose host it is; null where that is not known.</summary>
    internal static Vendor? At(string host) => Known.FirstOrDefault(vendor => vendor.IsAt(host));

    /// <summary>
    /// What an answer that is an error says of a call's cost. Known to cost nothing is what is refused before a model runs: 4xx, but for what
    /// may have run all the same or what the vendor bills; what is to be sent to another address as it is; and 503 or 529 with the vendor's
    /// own error for being overloaded.
    /// </summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="body">Its body; empty where that is not known.</param>
    public ProviderReport ReportError(int status, ReadOnlyMemory<byte> body = default) =>
        (UnbilledCall.IsRefusal(status) && !BillsRefusal(status)) || UnbilledCall.IsSentElsewhere(status) ? ProviderReport.NotBilled
        : status is 503 or 529 && ProviderError.Read(body) is { } error && IsOverload(error) ? ProviderReport.OfOverload
        : ProviderReport.Unknown($"the provider answered {status}");

    /// <summary>The same, with what the answer tells of a usage all the same: that is known of the cost.</summary>
    /// <param name="error">What the error says by itself.</param>
    /// <param name="body">The body of the answer.</param>
    /// <param name="reader">Reads the answers of its format.</param>
    public static ProviderReport ReportError(ProviderReport error, ReadOnlyMemory<byte> body, AnswerReader reader)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            using var answer = JsonDocument.Parse(body);
            return ReportError(error, reader.ReadAnswer(answer.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What is no JSON, or has names in it that are no text, tells nothing.
            return error;
        }
    }

    /// <summary>The same, where what the body tells has been read.</summary>
    /// <param name="error">What the error says by itself.</param>
    /// <param name="told">What its body tells of the cost.</param>
    public static ProviderReport ReportError(ProviderReport error, ProviderReport told)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(told);
        return error with
        {
            Usage = told.Usage,
            StatedCost = told.StatedCost,
            LeastCost = told.LeastCost,
            Model = told.Model,
            ServiceTier = told.ServiceTier,
            Incomplete = error.Reason ?? told.Incomplete,
        };
    }

    /// <summary>Starts to read an answer to a chat call, of whichever of its wire formats.</summary>
    /// <param name="shape">The call.</param>
    public virtual AnswerReader ChatReader(CallShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new OpenAIReader(this, shape.Choices);
    }

    /// <summary>The seconds of audio that the answer to a transcription says are billed, rounded up; null where it does not tell.</summary>
    /// <param name="answer">The answer.</param>
    public virtual long? TranscribedSeconds(JsonElement answer) => OpenAITranscript.Seconds(answer);

    /// <summary>What a model does by itself, without being asked to, that leaves the cost of a call without a bound; null for nothing.</summary>
    /// <param name="model">The provider's name for the model.</param>
    public UnboundedModel? UnboundedBy(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (maker, name) = MakerOf(model);
        return maker.ActsByItself(name) ?? UnboundedModel.ByName(name);
    }

    /// <summary>Whether a model reasons before it answers without being asked to, and its output cap counts that.</summary>
    internal bool ReasonsWithinCap(string model)
    {
        var (maker, name) = MakerOf(model);
        return maker.Reasons(name);
    }

    /// <summary>Rate cards with what they are silent on and the model's vendor is known to charge.</summary>
    /// <param name="cards">The cards, as they were published.</param>
    /// <returns>The cards that bounds and bills are made with.</returns>
    /// <exception cref="UnboundedCostException">A rate is out of range then.</exception>
    public static IReadOnlyList<RateCard> Complete(IEnumerable<RateCard> cards)
    {
        ArgumentNullException.ThrowIfNull(cards);
        return [.. cards.Select(Complete)];
    }

    /// <summary>Whether a call can be served at a tier by a setting at the vendor, without having asked for it.</summary>
    /// <param name="tier">The vendor's name for the tier.</param>
    public virtual bool HasSettingFor(string tier) => false;

    /// <summary>Whether every chunk of a stream has a usage, of which only the last is of all.</summary>
    internal virtual bool RunsItsCounts => false;

    /// <summary>Whether it documents that it bills what it states, in ticks: discounts and fees that no price knows are in that.</summary>
    internal virtual bool BillsWhatItStates => false;

    /// <summary>Whether the models that it bills for may be others', which cost what their makers charge for.</summary>
    internal virtual bool ServesOthers => Name.Length == 0;

    /// <summary>Whether it makes a model, whoever serves it.</summary>
    internal virtual bool Makes(string model) => false;

    /// <summary>What it is known to charge for a model where a card is silent.</summary>
    internal virtual SilentTerms TermsOf(string model) => SilentTerms.None;

    /// <inheritdoc cref="ReasonsWithinCap"/>
    internal virtual bool Reasons(string model) => false;

    internal virtual UnboundedModel? ActsByItself(string model) => null;

    /// <summary>Whether it bills calls that it refuses with a status of 4xx.</summary>
    internal virtual bool BillsRefusal(int status) => false;

    /// <summary>Whether an error is the one with which it turns calls away while it is overloaded. Of vendors of whom nothing is known, none is.</summary>
    internal virtual bool IsOverload(ProviderError error) => false;

    internal virtual TextEncoding EncodingOf(string model) => TextEncoding.Bytes;

    /// <inheritdoc cref="IInputRules.ImageOf"/>
    internal virtual long? ImageOf(string model, ImageSize? size, string? detail) => null;

    internal virtual bool ImagesNeedSize(string model) => false;

    /// <summary>Whether a host's API costs more because it serves in a region.</summary>
    internal virtual bool ChargesForRegion(string host) => false;

    /// <summary>Whether a host is the vendor's, where an adapter that talks to others too calls it.</summary>
    internal virtual bool IsAt(string host) => false;

    internal virtual ClientAdapter? AdapterNamed(string name) => null;

    /// <summary>The HTTP status that an exception type of its SDK stands for.</summary>
    internal virtual int? StatusOf(string exceptionType) => null;

    /// <summary>Whether an exception of its SDK stands for its error for being overloaded, by its type and what it says.</summary>
    internal virtual bool IsOverload(string exceptionType, string message) => false;

    /// <summary>Whether an exception of its SDK has the body of an answer in its message.</summary>
    internal virtual bool TellsBody(string exceptionType) => false;

    /// <summary>Whether an adapter may send an object of a type of its SDK in place of the content that carries it.</summary>
    internal virtual bool IsRequestPart(string type) => false;

    /// <summary>Whether an output cap under a name is known to be kept for a model, by its documentation.</summary>
    /// <param name="model">The vendor's name for the model.</param>
    /// <param name="host">Its host that is called; null where another's, such as a gateway's, hands the call on.</param>
    /// <param name="name">The name of the field.</param>
    internal virtual bool KeepsOutputCap(string model, string? host, string name) => false;

    /// <summary>Whether the types of a namespace of its SDK print themselves as the JSON that they came from.</summary>
    internal virtual bool PrintsItself(string typeNamespace) => false;

    /// <summary>What is known to be charged for a model where a card is silent.</summary>
    internal static SilentTerms TermsOf(ModelKey model)
    {
        var (maker, name) = Of(model.Provider).MakerOf(model.Model);
        return maker.TermsOf(name);
    }

    private static RateCard Complete(RateCard card)
    {
        try
        {
            return TermsOf(card.Model).Complete(card);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw UnboundedCostException.ForRates(card.Model);
        }
    }

    /// <summary>Who makes a model, and its name there. Providers that serve others' models may put the maker before the name.</summary>
    private (Vendor Maker, string Name) MakerOf(string model)
    {
        var name = ServesOthers ? model[(model.LastIndexOf('/') + 1)..] : model;
        return (ServesOthers ? Known.FirstOrDefault(vendor => vendor.Makes(name)) ?? this : this, name);
    }
}
