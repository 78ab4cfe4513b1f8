using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>How tables are read, and what is no table.</summary>
public sealed class TableReaderTests
{
    private const string HalfOfAPair = "(half of a pair)";

    /// <summary>What is wrong, what stands in the place of what, and what the sentence says.</summary>
    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "no version", "\"tables_version\":1", "\"tables_version\":2", "'tables_version' is 2, and this version reads 1" },
        { "unknown member", "\"headers\":", "\"footers\":[],\"headers\":", "'footers' is not understood" },
        { "unknown part of a row", "\"why\":\"It is input.\"", "\"why\":\"It is input.\",\"unless\":1", "'shapes.request.fields[0].unless' is not understood" },
        { "unknown kind", "\"kind\":\"free\"", "\"kind\":\"cheap\"", "'shapes.request.fields[1].kind' is 'cheap'" },
        { "unknown bound", "\"by\":\"input\"", "\"by\":\"magic\"", "'shapes.request.fields[0].by' is 'magic'" },
        { "bound by nothing", "\"by\":\"input\",", "", "'shapes.request.fields[0].by' is missing" },
        { "bound and free", "\"kind\":\"free\"", "\"kind\":\"free\",\"by\":\"input\"", "'shapes.request.fields[1].by' is for rows that are bound" },
        { "no reason", "\"why\":\"It is input.\"", "\"why\":\"\"", "'shapes.request.fields[0].why' has to be a text" },
        { "tokens of what is free", "\"kind\":\"free\"", "\"kind\":\"free\",\"tokens\":5", "'shapes.request.fields[1].tokens' is for rows that are bound by input" },
        { "negative tokens", "\"by\":\"input\"", "\"by\":\"input\",\"tokens\":-1", "'shapes.request.fields[0].tokens' has to be a whole number" },
        { "no shape", "\"#part\"", "\"#prat\"", "'shapes.request.fields[0].of' is '#prat', which names no shape" },
        { "field twice", "\"name\":\"stream\"", "\"name\":\"Notes\"", "'shapes.request.fields[1]' is 'Notes', which stands there twice" },
        { "kind without content", "\"kind\":\"free\",\"of\":{\"fields\":[]}", "\"kind\":\"free\"", "'shapes.part.kinds[0]' is 'text', and does not say what is in it" },
        { "untold kind", "\"untold\":\"text\"", "\"untold\":\"texts\"", "'shapes.part.untold' names 'texts', which has no row" },
        { "member twice", "\"shapes\":", "\"shapes\":{},\"shapes\":", "'.shapes' stands there twice" },
        { "beta of a reader", "\"kind\":\"refused\"", "\"kind\":\"bound\",\"by\":\"reader\"", "'betas[0].kind' asks for a reader" },
        { "beta that opens what is not there", "\"opens\":[\"notes[text]\"]", "\"opens\":[\"notes[txt]\"]", "'betas[0].opens' names 'notes[txt]', which has no row" },
        { "header of a key", "\"User-Agent\"", "\"Authorization\"", "'headers[0].name' is 'Authorization', which is not a caller's to set" },
        { "no date", "\"2026-01-01T00:00:00Z\"", "\"soon\"", "'dated' has to be a time" },
    };

    [Fact]
    public void Bundled_AreDatedAndOfAllFormats()
    {
        Assert.Equal(["anthropic", "gemini", "openai"], RequestTables.Bundled.Vendors);
        Assert.All(RequestTables.Bundled.Vendors, vendor => Assert.NotNull(RequestTables.Bundled.Of(vendor).Dated));
    }

    /// <summary>Signed documents from before are refused: with a date that is yet to come, all are until then.</summary>
    [Fact]
    public void Bundled_AreOfADayThatHasBegun() => Assert.All(RequestTables.Bundled.Vendors, vendor =>
    {
        var dated = RequestTables.Bundled.Of(vendor).Dated!.Value;
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (dated.Offset, dated.TimeOfDay));
        Assert.True(dated <= DateTimeOffset.UtcNow, $"The tables of {vendor} are dated {dated:u}.");
    });

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_IsToldWithItsPlace(string what, string there, string instead, string said)
    {
        Assert.Contains(there, TableTexts.Small, StringComparison.Ordinal);
        var text = TableTexts.Small.Replace(there, instead, StringComparison.Ordinal);

        var fault = Assert.Throws<TableFormatException>(() => TableTexts.Read(text));

        Assert.True(fault.Message.Contains(said, StringComparison.Ordinal), $"{what}: {fault.Message}");
    }

    [Fact]
    public void Shape_MayBeInItself()
    {
        var tables = TableTexts.Read(TableTexts.Small);
        var part = tables.Request("messages").Find("notes")!.Of!;
        Assert.Same(part, part.Find("list")!.Of!.Find("parts")!.Of);

        var body = Json("""{"notes":[{"type":"list","parts":[{"type":"list","parts":[{"type":"image"}]}]}]}""");
        var refused = Assert.Throws<SpendGuard.Sidecar.Refusals.BadRequestException>(() => tables.Request("messages").Check(body, new FieldPolicy(Strict: true)));
        Assert.Contains("'notes[].parts[].parts[].type' is 'image'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ArbitraryJson_IsReadOrRefused()
    {
        var random = new Random(20261127);
        var (read, refused) = (0, 0);
        for (var turn = 0; turn < 3_000; turn++)
        {
            var text = Mangled(random);
            try
            {
                TableReader.Read(text);
                read++;
            }
            catch (TableFormatException)
            {
                refused++;
            }
        }

        Assert.True(read > 50 && refused > 500, $"{read} read, {refused} refused");
    }

    private static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonElement.Parse(text);

    /// <summary>Tables with a few things in them changed: bytes, or values for others of the same text.</summary>
    private static byte[] Mangled(Random random)
    {
        if (random.Next(3) == 0)
        {
            var bytes = Encoding.UTF8.GetBytes(TableTexts.Small);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            return bytes;
        }

        var root = JsonNode.Parse(TableTexts.Small)!;
        var nodes = Descendants(root).Where(node => node.Parent is not null).ToList();
        var target = nodes[random.Next(nodes.Count)];
        var other = random.Next(4) == 0 ? Odd(random) : nodes[random.Next(nodes.Count)].DeepClone();
        switch (target.Parent)
        {
            case JsonArray list:
                list[target.GetElementIndex()] = other;
                break;
            case JsonObject part:
                part[target.GetPropertyName()] = other;
                break;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace(HalfOfAPair, "\\ud800", StringComparison.Ordinal));
    }

    private static JsonNode? Odd(Random random) => random.Next(6) switch
    {
        0 => null,
        1 => JsonValue.Create(1e300),
        2 => JsonValue.Create(HalfOfAPair),
        3 => new JsonArray(),
        4 => new JsonObject(),
        _ => JsonValue.Create(true),
    };

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject part => [node, .. part.Where(member => member.Value is not null).SelectMany(member => Descendants(member.Value!))],
        JsonArray list => [node, .. list.Where(item => item is not null).SelectMany(item => Descendants(item!))],
        _ => [node],
    };
}
