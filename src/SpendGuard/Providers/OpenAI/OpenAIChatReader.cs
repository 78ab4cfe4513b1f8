using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads chat completions.</summary>
/// <remarks>
/// <para>In a stream, usage comes in a chunk of its own, without choices, just before the end; or in the chunk in which the choices finish.</para>
/// <para>
/// Some have running counts in every chunk, and those before the last are of less than the provider bills. So counts are of the whole only
/// when every choice has finished and nothing of the answer has followed; and where they have been running, when they are told at the
/// finish or after it, once the stream has ended.
/// </para>
/// </remarks>
/// <param name="vendor">Who bills for it.</param>
/// <param name="choices">How many choices were asked for.</param>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIChatReader(Vendor vendor, int choices = 1) : AnswerReader
{
    private readonly HashSet<long> _open = [];
    private readonly HashSet<long> _finished = [];
    private readonly UsagePlaces _usage = new();
    private ProviderReport _said = new();
    private ProviderReport? _whole;
    private bool _runs;
    private bool _mayRun;
    private bool _isOfTheEnd;
    private bool _isAlone;
    private bool _isFollowed;
    private bool _hasText;

    /// <inheritdoc/>
    public override ProviderReport Report => _whole ?? (_usage.Told is { } told
        ? _said.With(OpenAIUsage.Read(told, vendor, _hasText)).If(IsLast, "the stream ended before the provider had told the whole usage")
        : _said);

    private bool AllFinished => _open.Count == 0 && _finished.Count > 0;

    private bool IsLast => !_isFollowed && (_isOfTheEnd || !_mayRun) && (Ended ? _isAlone || AllFinished : AllFinished && (_isAlone || !_runs) && _finished.Count >= choices);

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        ToldUsage = _usage.Read(answer);
        return _whole = OpenAIAnswer.Report(answer, vendor);
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        _said = OpenAIAnswer.Said(data).After(_said);
        var hasChoices = false;
        var hasText = false;
        foreach (var choice in OpenAIAnswer.Choices(data))
        {
            hasChoices = true;
            hasText |= Observe(choice);
        }

        _hasText |= hasText;
        if (_usage.Read(data))
        {
            (_isAlone, _isFollowed, _isOfTheEnd) = (!hasChoices, false, (!hasChoices || AllFinished) && !_usage.SaysNothing);
            _mayRun |= ToldUsage || vendor.RunsItsCounts;
            ToldUsage = true;
            _runs |= hasChoices && !AllFinished;
        }
        else
        {
            _isFollowed |= hasText;
        }
    }

    /// <inheritdoc/>
    public override void SkipEvent() => _isFollowed = _hasText = true;

    /// <summary>Takes note of a choice, which goes on until it has a reason why it finished.</summary>
    /// <returns>Whether it brings some of the answer.</returns>
    private bool Observe(JsonElement choice)
    {
        var index = UsageJson.Count(choice, "index") ?? 0;
        var hasText = choice.HasText("delta") || UsageJson.Text(choice, "text") is { Length: > 0 };
        if (UsageJson.Find(choice, "finish_reason") is not null)
        {
            _finished.Add(index);
            _open.Remove(index);
        }
        else if (hasText || !_finished.Contains(index))
        {
            _open.Add(index);
        }

        return hasText;
    }
}
