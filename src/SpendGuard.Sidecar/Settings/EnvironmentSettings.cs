using SpendGuard.PostgreSql;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Alerts;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Telemetry;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Reads the settings from the configuration, under the names that callers know from the environment.</summary>
internal static class EnvironmentSettings
{
    private const long MostSeconds = 30 * 24 * 60 * 60;
    private const int ShortestSecret = 32;

    /// <param name="configuration">What is set.</param>
    /// <param name="args">The command line, of which the configuration has what could be made of it.</param>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    public static SidecarSettings Read(IConfigurationRoot configuration, params IReadOnlyList<string> args)
    {
        var reader = new SettingsReader(configuration);
        var settings = Read(reader, configuration);
        CommandLineWords.Check(reader, args);
        UnknownNames.Check(reader, configuration);
        reader.ThrowIfFaulty();
        return settings;
    }

    /// <summary>Reads them and leaves it to the reader to tell what is wrong.</summary>
    internal static SidecarSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        var postgres = ReadPostgres(reader);
        var (sqlitePath, storeNotice) = DefaultDatabase.Find(reader, isUsed: postgres is null);
        var hosted = reader.Choice("CAP_MODE", "sidecar", "sidecar", "hosted") == "hosted";
        var (outputTokens, olderName) = (reader.OptionalCount("CAP_DEFAULT_MAX_OUTPUT_TOKENS"), reader.OptionalCount("CAP_DEFAULT_MAX_TOKENS"));
        var settings = new SidecarSettings
        {
            SqlitePath = sqlitePath,
            StoreNotice = storeNotice,
            Postgres = postgres,
            Prices = PriceSettings.Read(reader, sqlitePath),
            Tables = TableSettings.Read(reader, sqlitePath),
            Providers = ProviderTable.Read(reader, configuration),
            RestoredAt = reader.Time("SPENDGUARD_RESTORED"),
            Telemetry = TelemetrySettings.Read(reader),
            Hosted = hosted,
            Alerts = AlertSettings.Read(reader, hosted),
            AdminKey = reader.Text("CAP_ADMIN_KEY"),
            RequireKeys = reader.Flag("SPENDGUARD_REQUIRE_KEYS", fallback: false),
            DefaultOutputTokens = outputTokens ?? olderName,
            OpenAIMaxCompletionTokens = reader.Count("CAP_OPENAI_MAX_COMPLETION_TOKENS", 16_384),
            OpenAIMaxOutputTokens = reader.Count("CAP_OPENAI_MAX_OUTPUT_TOKENS", 16_384),
            AllowedOrigins = reader.List("CAP_ALLOWED_ORIGINS"),
            AllowedHosts = reader.List("SPENDGUARD_ALLOWED_HOSTS"),
            FieldPolicy = new FieldPolicy(reader.Flag("SPENDGUARD_STRICT_FIELDS", fallback: true)),
            MaxRequestBytes = reader.Count("SPENDGUARD_MAX_REQUEST_BYTES", 32 * 1024 * 1024),
            DrainTime = Seconds("SPENDGUARD_DRAIN_SECONDS", 120),
            MaxDrains = (int)Math.Min(reader.Count("SPENDGUARD_MAX_DRAINS", 256, least: 0), int.MaxValue),
            LeastOutputTokens = reader.OptionalCount("SPENDGUARD_LEAST_OUTPUT_TOKENS"),
            LockedWait = Seconds("SPENDGUARD_LOCKED_WAIT_SECONDS", 30, least: 0),
            ApprovalWait = Seconds("SPENDGUARD_APPROVAL_WAIT_SECONDS", 600, least: 0),
            ApprovalLinkSecret = reader.Text("SPENDGUARD_APPROVAL_LINK_SECRET"),
            ApprovalLinkTime = Seconds("SPENDGUARD_APPROVAL_LINK_SECONDS", 3600),
            PublicUrl = reader.Text("SPENDGUARD_PUBLIC_URL") is null ? null : new Uri(reader.Address("SPENDGUARD_PUBLIC_URL", "http://unset.invalid")),
            MaxWaitingCalls = (int)Math.Min(reader.Count("SPENDGUARD_MAX_WAITING", 1024, least: 0), int.MaxValue),
            ForfeitOverloads = reader.Choice("SPENDGUARD_OVERLOAD", "release", "release", "forfeit") == "forfeit",
            ProviderTimeout = Seconds("SPENDGUARD_PROVIDER_TIMEOUT_SECONDS", 600),
            ProviderIdleTime = Seconds("SPENDGUARD_PROVIDER_IDLE_SECONDS", 300),
            ClientPatience = Seconds("SPENDGUARD_CLIENT_IDLE_SECONDS", 120),
        };
        RequireKeysForHosted(reader, settings);
        CheckLinks(reader, settings);
        ListenAddresses.Check(reader, configuration, settings.Hosted);
        return settings;

        // A timer takes no more than some weeks.
        TimeSpan Seconds(string name, long fallback, long least = 1) => TimeSpan.FromSeconds(Math.Min(reader.Count(name, fallback, least), MostSeconds));
    }

    private static void RequireKeysForHosted(SettingsReader reader, SidecarSettings settings)
    {
        if (settings is { Hosted: true, Postgres: null })
        {
            reader.Fault("CAP_MODE is 'hosted', where API keys are kept in PostgreSQL. Set CAP_STORE to 'postgres' and CAP_POSTGRES to a connection string.", 0);
        }

        if (settings is { Hosted: true, AdminKey: not null })
        {
            reader.Fault("CAP_ADMIN_KEY is set, but in hosted mode every caller has a key of its own. Leave it out, and see: spendguard key create", 0);
        }

        if (settings is { Hosted: false, RequireKeys: true } && !new AdminKey(settings).IsSet)
        {
            reader.Fault(
                "SPENDGUARD_REQUIRE_KEYS is set, but there is no admin key, so that nobody could make keys or set budgets. Set CAP_ADMIN_KEY to a long random text,"
                + " or start without it and make one: spendguard bootstrap --admin-key",
                0);
        }
    }

    /// <summary>Links open a limit to whoever has one, so they are as hard to guess as a key.</summary>
    private static void CheckLinks(SettingsReader reader, SidecarSettings settings)
    {
        if (settings.ApprovalLinkSecret is not { } secret)
        {
            return;
        }

        if (secret.Length < ShortestSecret)
        {
            reader.Fault($"SPENDGUARD_APPROVAL_LINK_SECRET is too short. Set it to a random text of at least {ShortestSecret} characters.", 0);
        }

        if (settings.PublicUrl is null)
        {
            reader.Fault("SPENDGUARD_APPROVAL_LINK_SECRET is set, but SPENDGUARD_PUBLIC_URL is not. Set it to the address that people reach this sidecar at.", 0);
        }

        if (settings.Hosted)
        {
            reader.Fault("SPENDGUARD_APPROVAL_LINK_SECRET is set, but in hosted mode requests are approved with an organisation's own keys. Leave it out.", 0);
        }
    }

    private static PostgresStoreOptions? ReadPostgres(SettingsReader reader)
    {
        var connection = reader.Text("CAP_POSTGRES");
        var behindPooler = reader.Flag("SPENDGUARD_POSTGRES_POOLER", fallback: false);
        if (reader.Choice("CAP_STORE", "sqlite", "sqlite", "postgres", "supabase") is "sqlite")
        {
            return connection is null ? null : reader.Fault<PostgresStoreOptions?>(
                "CAP_POSTGRES is set, but CAP_STORE does not name it. Set CAP_STORE to 'postgres', or leave CAP_POSTGRES out.", null);
        }

        if (connection is null)
        {
            return reader.Fault<PostgresStoreOptions?>(
                "CAP_STORE names PostgreSQL, but CAP_POSTGRES is not set. Set it to a connection string such as postgresql://user:password@host/database.", null);
        }

        if (!ConnectionAddress.IsReadable(connection))
        {
            return reader.Fault<PostgresStoreOptions?>($"CAP_POSTGRES: {ConnectionAddress.Unreadable}", null);
        }

        try
        {
            return PostgresStoreOptions.Check(new PostgresStoreOptions { ConnectionString = connection, Prepare = !behindPooler });
        }
        catch (ArgumentException exception)
        {
            return reader.Fault<PostgresStoreOptions?>($"CAP_POSTGRES: {exception.Message.Split(" (Parameter", 2)[0]}", null);
        }
    }
}
