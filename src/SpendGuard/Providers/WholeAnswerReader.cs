using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers;

/// <summary>Reads answers that always come as a whole, such as embeddings and images.</summary>
[Experimental(ApiTier.Adapters)]
public abstract class WholeAnswerReader : AnswerReader
{
    private readonly string _usage;
    private ProviderReport _report = new();

    /// <param name="usage">The field that tells the usage.</param>
    private protected WholeAnswerReader(string usage) => _usage = usage;

    /// <inheritdoc/>
    public sealed override ProviderReport Report => _report;

    /// <inheritdoc/>
    public sealed override ProviderReport ReadAnswer(JsonElement answer)
    {
        var usage = UsageJson.Find(answer, _usage);
        ToldUsage = usage is not null;
        return _report = Read(answer, usage);
    }

    /// <summary>Reads nothing: the format has no events.</summary>
    public sealed override void ReadEvent(JsonElement data)
    {
    }

    /// <summary>What an answer says.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="usage">The usage in it; null where it tells none.</param>
    private protected abstract ProviderReport Read(JsonElement answer, JsonElement? usage);
}
