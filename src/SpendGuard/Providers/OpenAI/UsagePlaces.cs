using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Gathers the usage of an answer from every place in which those who speak OpenAI's formats put it.</summary>
internal sealed class UsagePlaces
{
    private readonly SortedDictionary<long, ToldCounts> _ofChoices = [];
    private ToldCounts? _ofAll;

    /// <summary>What has been told so far; null for nothing.</summary>
    public ToldCounts? Told
    {
        get
        {
            // Where only choices tell, each has its own output; where the whole is told too, it is of all of them.
            ToldCounts? choices = null;
            foreach (var choice in _ofChoices.Values)
            {
                choices = choice.And(choices, addOutput: _ofAll is null);
            }

            return _ofAll?.And(choices) ?? choices;
        }
    }

    /// <summary>Whether the usage that came last has no count in it.</summary>
    public bool SaysNothing { get; private set; }

    /// <summary>Takes in an answer, or the next chunk of one.</summary>
    /// <returns>Whether it tells a usage.</returns>
    public bool Read(JsonElement answer)
    {
        SaysNothing = true;

        // Groq's is in an object of its own; at Kimi, it stands in the choice.
        var vendors = UsageJson.Object(answer, "x_groq") is { } own ? UsageJson.Find(own, "usage") : null;
        var isTold = Take(UsageJson.Find(answer, "usage")) | Take(vendors);
        foreach (var choice in OpenAIAnswer.Choices(answer))
        {
            if (UsageJson.Find(choice, "usage") is { } usage)
            {
                var index = UsageJson.Count(choice, "index") ?? 0;
                var told = ToldCounts.Read(usage);
                _ofChoices[index] = told.After(_ofChoices.GetValueOrDefault(index));
                isTold = true;
                SaysNothing &= told.IsEmpty;
            }
        }

        return isTold;
    }

    private bool Take(JsonElement? usage)
    {
        if (usage is not { } there)
        {
            return false;
        }

        var told = ToldCounts.Read(there);
        _ofAll = told.After(_ofAll);
        SaysNothing &= told.IsEmpty;
        return true;
    }
}
