using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpendGuard;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace CustomStore;

/// <summary>One change: all that became of one command. Values are whole, as they are after it.</summary>
internal sealed record JournalLine(
    Node? Node, LimitChange? Limit, IReadOnlyList<Account> Accounts, Budget? Budget, Reservation? Reservation, Streak? Streak, Approval? Approval,
    LedgerEntry? Entry)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(),
            new As<AgentId, string>(id => id.Value, value => new(value)),
            new As<NodeId, string>(id => id.Value, value => new(value)),
            new As<AccountKeys, string>(keys => keys.ToString(), AccountKeys.Parse),
            new As<Limit, string[]>(
                limit => [limit.Window.Name, limit.Window.Zone ?? "", limit.Amount.Microcents.ToString(CultureInfo.InvariantCulture), StoredNames.ToText(limit.Action), limit.Thresholds.ToString()],
                text => StoredNames.ToLimit(text[0], text[1].Length > 0 ? text[1] : null, Money.FromMicrocents(long.Parse(text[2], CultureInfo.InvariantCulture)), text[3], text[4])),
            new As<AlertThresholds, string>(thresholds => thresholds.ToString(), AlertThresholds.Parse),
            new As<Raises, string>(raises => raises.ToString(), text => Raises.Parse(text.Length > 0 ? text : null)),
            new As<ApprovalId, string>(id => id.Value, value => new(value)),
            new As<CallFingerprint, string>(fingerprint => fingerprint.Value, value => new(value)),
            new As<RunId, string>(id => id.Value, value => new(value)),
            new As<ReservationId, string>(id => id.Value, value => new(value)),
            new As<Money, long>(amount => amount.Microcents, Money.FromMicrocents),
        },
    };

    [JsonIgnore]
    public bool IsEmpty => this is { Node: null, Limit: null, Accounts.Count: 0, Budget: null, Reservation: null, Streak: null, Approval: null, Entry: null };

    public static JournalLine Parse(string line) => JsonSerializer.Deserialize<JournalLine>(line, Options) ?? throw new JsonException("A line is empty.");

    public override string ToString() => JsonSerializer.Serialize(this, Options);

    private sealed class As<T, TWritten>(Func<T, TWritten> write, Func<TWritten, T> read) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            read(JsonSerializer.Deserialize<TWritten>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, write(value), options);
    }
}
