using System.Text;
using System.Text.Json;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Changes valid input here and there, by a seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0.0", "1", "2", "-1", "16", "100", "0.5", "1.0", "1e2", "1e999", "-1e999", "2147483648", "281474976710657",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999",
        "\"\"", "\" \"", "\"100\"", "\"text\"", "\"auto\"", "\"default\"", "\"priority\"", "\"flex\"", "\"5m\"", "\"1h\"", "\"30m\"", "\"TEXT\"",
        "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\uFDFA\u0130\u212A\"", "\"<|endoftext|>\"",
        "[]", "{}", "[[]]", "[{}]", "[null]", "[1,2]", "[\"a\"]", "{\"a\":1}", "{\"type\":\"text\",\"text\":\"hi\"}",
    ];

    private static readonly string[] Names =
    [
        "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "MAX_TOKENS", "max_output_Tokens", "maxTokens", "m\\u0061x_tokens",
        "generation_config", "generationConfig", "GenerationConfig", "candidate_count", "candidateCount", "n", "stream", "service_tier", "serviceTier",
        "include_usage", "model", "type", "text", "content", "parts", "tools", "ttl", "cache_control", "mode", "usage", "name", "input", "id",
        "\\ud800", "\\ud83d\\ude00", "", "x", "_", "__proto__",
    ];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _said = new();

    /// <summary>What the check says of the round that it is in, for when it fails.</summary>
    public string Said => _said.ToString();

    public int Next(int end) => _random.Next(end);

    public bool OneIn(int chances) => _random.Next(chances) == 0;

    public T Any<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    public T Say<T>(T what)
    {
        var text = what as string ?? (what is byte[] bytes ? Encoding.Latin1.GetString(bytes) : what?.ToString());
        _said.Append(text is { Length: > 4_000 } ? text[..4_000] + "…" : text).Append('\n');
        return what;
    }

    /// <summary>The same JSON with up to four changes, or, one time in six, with bytes changed that may leave it no JSON at all.</summary>
    public byte[] Mutate(string json)
    {
        for (var changes = _random.Next(5); changes > 0; changes--)
        {
            json = ChangeOne(json);
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        return OneIn(6) ? MutateBytes(bytes) : bytes;
    }

    /// <summary>Flips bits, inserts bytes, cuts or repeats a stretch.</summary>
    public byte[] MutateBytes(byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var changes = 1 + _random.Next(3); changes > 0 && changed.Count > 0; changes--)
        {
            var at = _random.Next(changed.Count);
            var length = Math.Min(changed.Count - at, 1 + _random.Next(8));
            switch (_random.Next(5))
            {
                case 0:
                    changed[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    changed.Insert(at, Any("\0\"{}[],:\\ \r\n\u00ff"u8.ToArray()));
                    break;
                case 2:
                    changed.RemoveRange(at, length);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                default:
                    changed.RemoveRange(at, OneIn(4) ? changed.Count - at : 1);
                    break;
            }
        }

        return [.. changed];
    }

    private string ChangeOne(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            // Too deep for the parser by an earlier change.
            return json;
        }

        using (document)
        {
            var target = _random.Next(Count(document.RootElement));
            var text = new StringBuilder(json.Length + 64);
            Write(document.RootElement, text, ref target);
            return text.ToString();
        }
    }

    private static int Count(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(field => Count(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    private void Write(JsonElement element, StringBuilder text, ref int target)
    {
        if (target-- == 0)
        {
            text.Append(Replacement(element));
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                WriteFields(element, text, ref target);
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var separator = "";
                foreach (var item in element.EnumerateArray())
                {
                    text.Append(separator);
                    Write(item, text, ref target);
                    separator = ",";
                }

                text.Append(']');
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private void WriteFields(JsonElement parent, StringBuilder text, ref int target)
    {
        var separator = "";
        foreach (var field in parent.EnumerateObject())
        {
            var raw = RawName(field);
            if (target == 0 && OneIn(2))
            {
                // The name is changed instead of the value, or the field is there twice or not at all.
                target = -1;
                var name = _random.Next(6) switch
                {
                    0 => Any(Names),
                    1 => raw.ToUpperInvariant().Replace("\\U", "\\u", StringComparison.Ordinal),
                    2 => raw.Replace("_", "", StringComparison.Ordinal),
                    3 => null,
                    4 => raw + " ",
                    _ => raw,
                };
                if (name is null)
                {
                    continue;
                }

                text.Append(separator).Append($"\"{name}\":{field.Value.GetRawText()}");
                if (OneIn(3))
                {
                    text.Append($",\"{(OneIn(2) ? raw : Any(Names))}\":{Any(Values)}");
                }
            }
            else
            {
                text.Append(separator).Append($"\"{raw}\":");
                Write(field.Value, text, ref target);
            }

            separator = ",";
        }
    }

    private static string RawName(JsonProperty field)
    {
        // As it is written: a name that is no valid Unicode cannot be read.
        var raw = field.ToString();
        return raw[1..raw.IndexOf("\":", StringComparison.Ordinal)];
    }

    private string Replacement(JsonElement element) => _random.Next(12) switch
    {
        0 => string.Concat(Enumerable.Repeat("[", 70)) + string.Concat(Enumerable.Repeat("]", 70)),
        1 => string.Concat(Enumerable.Repeat("{\"parts\":", 12)) + "1" + new string('}', 12),
        2 => $"\"{new string("aé中"[_random.Next(3)], 1 + _random.Next(3_000))}\"",
        3 => $"[{element.GetRawText()},{element.GetRawText()}]",
        4 => $"{{\"{Any(Names)}\":{element.GetRawText()}}}",
        _ => Any(Values),
    };
}
