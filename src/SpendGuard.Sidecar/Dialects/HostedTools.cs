using System.Collections.Immutable;
using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The tools of a request that the provider runs, and how often they are asked for.</summary>
internal sealed class HostedTools
{
    /// <summary>Far more than anyone lets a model search for one answer, and little enough for the cost to be in range.</summary>
    public const int MostCalls = 1_000;

    /// <summary>As many searches as one answer is likely to need: the most where a request does not limit them.</summary>
    public const int UnaskedCalls = 5;

    private readonly List<string> _names = [];
    private readonly HashSet<UsageCategory> _fees = [];

    /// <summary>Adds a tool by its name and what it is billed as.</summary>
    public void Add(string name, UsageCategory fee)
    {
        if (!_names.Contains(name, StringComparer.Ordinal))
        {
            _names.Add(name);
        }

        _fees.Add(fee);
    }

    /// <summary>The calls that the engine limits; null where there are none.</summary>
    /// <param name="least">The fewest that the request is of use with.</param>
    /// <param name="most">The most that are asked for.</param>
    public HostedCalls? Calls(int least, int most) => _names.Count == 0
        ? null
        : new HostedCalls(string.Join(" and ", _names), Math.Min(least, most), most) { Fees = [.. _fees.Order()] };

    /// <summary>The same call with its tools changed; without any, nothing is said of tools.</summary>
    /// <param name="body">The request.</param>
    /// <param name="writer">Where its fields go.</param>
    /// <param name="write">Writes a tool, or leaves it out and tells so by false.</param>
    public static void WriteTools(JsonElement body, Utf8JsonWriter writer, Func<JsonElement, Utf8JsonWriter, bool> write)
    {
        using var output = new MemoryStream();
        using (var tools = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            tools.WriteStartArray();
            var any = false;
            foreach (var tool in body.FindArray("tools"))
            {
                any |= write(tool, tools);
            }

            tools.WriteEndArray();
            if (!any)
            {
                return;
            }
        }

        writer.WritePropertyName("tools");
        writer.WriteRawValue(output.ToArray(), skipInputValidation: true);
        if (body.Find("tool_choice") is { } choice)
        {
            writer.WritePropertyName("tool_choice");
            writer.WriteRawValue(choice.GetRawText(), skipInputValidation: true);
        }
    }

    /// <summary>Refuses more calls than can be held for.</summary>
    public static BadRequestException TooMany(string tool, string limit) => new(
        $"Tool '{tool}' is refused: so many calls of it have no bound here. Set '{limit}' to at most {MostCalls}, or leave it out to have it set to what the budget pays for.");
}
