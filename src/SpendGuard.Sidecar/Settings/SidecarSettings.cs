using Npgsql;
using SpendGuard.PostgreSql;
using SpendGuard.Sidecar.Alerts;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Telemetry;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Settings;

/// <summary>How the sidecar is set up, read once at start.</summary>
internal sealed record SidecarSettings
{
    /// <summary>The path of the SQLite file.</summary>
    public required string SqlitePath { get; init; }

    /// <summary>What there is to know of where that is; null for nothing.</summary>
    public string? StoreNotice { get; init; }

    /// <summary>The PostgreSQL database; null when budgets are kept in the SQLite file.</summary>
    public PostgresStoreOptions? Postgres { get; init; }

    /// <summary>Where the budgets are; of a connection string, nothing that opens anything.</summary>
    public string StoreName => Postgres?.ConnectionString is { } connection && new NpgsqlConnectionStringBuilder(ConnectionAddress.Read(connection).Normalized) is { } database
        ? $"PostgreSQL, {database.Database} at {database.Host}"
        : $"SQLite, {Path.GetFullPath(SqlitePath)}";

    /// <summary>When the store was restored from a back-up; null when it was not.</summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>Where signed prices come from; null for the book that ships with SpendGuard.</summary>
    public required SignedPriceOptions? Prices { get; init; }

    /// <summary>Where signed request tables come from; null for those that ship with SpendGuard.</summary>
    public SignedPriceOptions? Tables { get; init; }

    /// <summary>Where calls can go, by name.</summary>
    public required IReadOnlyDictionary<string, Provider> Providers { get; init; }

    /// <summary>Where spans and metrics go.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>Whom alerts are delivered to.</summary>
    public AlertSettings Alerts { get; init; } = new();

    /// <summary>Whether callers of many organisations are told apart by keys.</summary>
    public bool Hosted { get; init; }

    /// <summary>The key of the control routes; null when they are open to whoever can connect.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Whether a caller on this machine needs a key too: an agent's, or the admin key.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>The output cap of calls that ask for none; the model's maximum when null.</summary>
    public long? DefaultOutputTokens { get; init; }

    /// <summary>The most output of OpenAI's chat completions that is ever asked for.</summary>
    public long OpenAIMaxCompletionTokens { get; init; }

    /// <summary>The most output of OpenAI's responses that is ever asked for.</summary>
    public long OpenAIMaxOutputTokens { get; init; }

    /// <summary>The origins that pages may call from.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The names that the sidecar may be called by, apart from those of this machine.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>What becomes of request fields that are not known.</summary>
    public FieldPolicy FieldPolicy { get; init; } = new(Strict: true);

    /// <summary>The largest request body, in bytes.</summary>
    public long MaxRequestBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The largest answer that is not a stream, in bytes.</summary>
    public int MaxAnswerBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long an answer is read to its end after its client has gone.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many answers are read to their end at once after their clients have gone.</summary>
    public int MaxDrains { get; init; } = 256;

    /// <summary>The output, in tokens, below which a call is refused in place of being capped; null for what models need to answer.</summary>
    public long? LeastOutputTokens { get; init; }

    /// <summary>How long a call waits for others of its agent to end, where its budget lets several be in flight.</summary>
    public TimeSpan LockedWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call that was told to wait may wait for approval.</summary>
    public TimeSpan ApprovalWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What links that approve are signed with; null for no links.</summary>
    public string? ApprovalLinkSecret { get; init; }

    /// <summary>For how long a link raises a limit.</summary>
    public TimeSpan ApprovalLinkTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where people reach the sidecar, without a slash at the end; null where they do not.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How many calls may wait for others to end at once; of one agent a quarter of them.</summary>
    public int MaxWaitingCalls { get; init; } = 1024;

    /// <summary>Whether a call is charged that the provider turned away because it was overloaded.</summary>
    public bool ForfeitOverloads { get; init; }

    /// <summary>How long a provider may take to begin an answer.</summary>
    public TimeSpan ProviderTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a provider may send nothing of an answer that it has begun.</summary>
    public TimeSpan ProviderIdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long in all a client may keep an answer waiting that it does not read.</summary>
    public TimeSpan ClientPatience { get; init; } = TimeSpan.FromMinutes(2);
}
