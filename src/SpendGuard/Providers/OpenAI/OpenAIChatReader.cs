using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads chat completions. In a stream, usage comes in a chunk of its own, without choices, just before the end.</summary>
/// <remarks>
/// Some have running counts in every chunk. They are the call's only once every choice has finished, and only those of the last chunk:
/// counts that more text has followed are of less than the provider bills.
/// </remarks>
/// <param name="vendor">Who bills for it.</param>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIChatReader(Vendor vendor) : AnswerReader
{
    private readonly HashSet<long> _open = [];
    private ProviderReport _said = new();
    private ProviderReport? _running;
    private ProviderReport? _final;
    private bool _toldFinal;

    /// <inheritdoc/>
    public override ProviderReport Report
    {
        get
        {
            var counted = _toldFinal ? _final : Ended && _open.Count == 0 ? _running : null;
            return _said with { Usage = counted?.Usage, StatedCost = counted?.StatedCost };
        }
    }

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        ToldUsage = UsageJson.Find(answer, "usage") is not null;
        (_toldFinal, _final) = (true, OpenAIAnswer.Report(answer, vendor));
        return _said = _final;
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        var told = OpenAIAnswer.Report(data, vendor);
        var hasUsage = UsageJson.Find(data, "usage") is not null;
        ToldUsage |= hasUsage;
        _said = (told with { Usage = null, StatedCost = null }).After(_said);
        if (UsageJson.Find(data, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0)
        {
            _running = told;
            foreach (var choice in choices.EnumerateArray())
            {
                Observe(choice);
            }
        }
        else if (hasUsage)
        {
            // What is there and cannot be read leaves the cost unknown, whatever was told before.
            (_toldFinal, _final) = (true, told);
        }
    }

    /// <inheritdoc/>
    public override void SkipEvent() => _running = null;

    private void Observe(JsonElement choice)
    {
        var index = UsageJson.Count(choice, "index") ?? 0;
        _ = UsageJson.Find(choice, "finish_reason") is not null ? _open.Remove(index) : _open.Add(index);
    }
}
