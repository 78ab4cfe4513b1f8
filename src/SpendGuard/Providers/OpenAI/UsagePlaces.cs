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

    /// <summary>Takes in an answer, or the next chunk of one.</summary>
    /// <returns>Whether it tells a usage.</returns>
    public bool Read(JsonElement answer)
    {
        // Groq's is in an object of its own; at Kimi, it stands in the choice.
        var vendors = UsageJson.Object(answer, "x_groq") is { } own ? UsageJson.Find(own, "usage") : null;
        var isTold = Take(UsageJson.Find(answer, "usage")) | Take(vendors);
        foreach (var choice in OpenAIAnswer.Choices(answer))
        {
            if (UsageJson.Find(choice, "usage") is { } usage)
            {
                var index = UsageJson.Count(choice, "index") ?? 0;
                _ofChoices[index] = ToldCounts.Read(usage).After(_ofChoices.GetValueOrDefault(index));
                isTold = true;
            }
        }

        return isTold;
    }

    private bool Take(JsonElement? usage)
    {
        if (usage is { } told)
        {
            _ofAll = ToldCounts.Read(told).After(_ofAll);
        }

        return usage is not null;
    }
}
