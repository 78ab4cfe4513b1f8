using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Which SQLite file budgets are in: the one that is set, or one in the user's folder, which is the same wherever the sidecar is started. Older
/// versions took the folder that they were started in; what they left there goes on to be used.
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
        if (IsOurs(Name))
        {
            var path = System.IO.Path.GetFullPath(Name);
            return new DefaultDatabase(path, isUsed && path != own
                ? $"The budgets are in '{path}', as the sidecar was started in that folder, where older versions kept them. Started elsewhere it has other budgets"
                    + $"{(own is null ? "" : $", in '{own}'")}. Set {Setting} to this file to keep to it everywhere."
                : null);
        }

        return new DefaultDatabase(own is null ? NoPlace(reader, isUsed, "this user has no folder for data") : Make(reader, isUsed, own), null);
    }

    /// <summary>Whether older versions have left it. The system that this one takes the place of has a file of the same name, in which there is nothing for this one.</summary>
    private static bool IsOurs(string path)
    {
        try
        {
            return File.Exists(path) && !SqliteOwner.IsAnother(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it will say why it cannot be read.
            return true;
        }
    }

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
}
