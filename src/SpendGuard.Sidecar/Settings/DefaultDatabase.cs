using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Which SQLite file budgets are in: the one that is set, or one in the user's folder, which is the same wherever the sidecar is started. Older
/// versions took the folder that they were started in; a ledger that they left there goes on to be used, until the user's folder has one.
/// </summary>
/// <param name="Path">The file. What else is kept is beside it, also where the budgets are in PostgreSQL.</param>
/// <param name="Notice">What whoever starts it has to know; null for nothing.</param>
internal sealed record DefaultDatabase(string Path, string? Notice)
{
    private const string Setting = "CAP_SQLITE_PATH";
    private const string Name = "cynsta-spendguard.db";

    /// <param name="reader">The settings.</param>
    /// <param name="isUsed">Whether the budgets are in it.</param>
    public static DefaultDatabase Find(SettingsReader reader, bool isUsed)
    {
        if (reader.Text(Setting) is { } set)
        {
            return new DefaultDatabase(set, null);
        }

        var own = UserFolder.Find() is { } folder ? System.IO.Path.Combine(folder, Name) : null;
        var here = System.IO.Path.GetFullPath(Name);
        var owner = here == own ? SqliteOwner.Nobody : SqliteOwners.Of(here);
        switch (Choose(owner, isKnown: own is not null && (File.Exists(own) || File.Exists(own + ".admin-key"))))
        {
            case Choice.Here:
                return new DefaultDatabase(here, isUsed
                    ? $"The budgets are in '{here}', as the sidecar was started in that folder, where older versions kept them. Started elsewhere it has other budgets"
                        + $"{(own is null ? "" : $", in '{own}'")}. Set {Setting} to this file to keep to it everywhere."
                    : null);

            case Choice.TwoLedgers when isUsed:
                reader.Fault($"There are two ledgers: '{own}', which this user's sidecars take, and '{here}', in the folder that this one is started in. Set {Setting} to the one that is meant.", "");
                break;

            case Choice.MayBeDamaged when isUsed:
                reader.Fault($"'{here}' may be a ledger that is damaged, or was not closed: whose it is cannot be told. Restore it, move it away, or set {Setting} to the file that budgets are to be in.", "");
                break;
        }

        var notice = isUsed && own is not null && File.Exists(here) && here != own ? $"'{here}' was left alone, as no ledger of SpendGuard's that can be told; the budgets are in '{own}'." : null;
        return new DefaultDatabase(own is null ? NoPlace(reader, isUsed, "this user has no folder for data") : Make(reader, isUsed, own), notice);
    }

    /// <summary>What the folder that the sidecar is started in has to say. Never more than the user's own: whoever can write to it could take budgets and the admin key away.</summary>
    /// <param name="here">Whose the file in that folder is.</param>
    /// <param name="isKnown">Whether the user's folder has a ledger, or the hash of an admin key.</param>
    internal static Choice Choose(SqliteOwner here, bool isKnown) => here switch
    {
        SqliteOwner.SpendGuard => isKnown ? Choice.TwoLedgers : Choice.Here,
        SqliteOwner.Unclear when !isKnown => Choice.MayBeDamaged,
        _ => Choice.Own,
    };

    private static string Make(SettingsReader reader, bool isUsed, string path)
    {
        try
        {
            UserFolder.Make(System.IO.Path.GetDirectoryName(path)!);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NoPlace(reader, isUsed, $"the user's folder for data cannot be made: {exception.Message.TrimEnd('.')}");
        }
    }

    private static string NoPlace(SettingsReader reader, bool isUsed, string why) => isUsed
        ? reader.Fault($"There is no place for the database, as {why}. Set {Setting} to a file, or HOME or XDG_DATA_HOME to a folder that can be written to.", Name)
        : Name;

    /// <summary>Where the budgets are.</summary>
    internal enum Choice
    {
        /// <summary>In the user's folder.</summary>
        Own,

        /// <summary>In the folder that the sidecar is started in.</summary>
        Here,

        /// <summary>In the user's folder, and in the one that the sidecar is started in: somebody has to say.</summary>
        TwoLedgers,

        /// <summary>The folder that the sidecar is started in has what may be a ledger, and the user's has none: somebody has to look.</summary>
        MayBeDamaged,
    }
}
