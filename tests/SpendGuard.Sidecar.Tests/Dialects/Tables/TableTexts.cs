using System.Text;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>Tables for tests.</summary>
internal static class TableTexts
{
    /// <summary>Tables with a bit of everything.</summary>
    public const string Small =
        """{"tables_version":1,"dated":"2026-01-01T00:00:00Z","requests":{"messages":"#request"},"shapes":{"request":{"fields":[{"name":"notes","kind":"bound","by":"input","why":"It is input.","of":"#part"},{"name":"stream","kind":"free"}]},"part":{"tag":"type","untold":"text","untold_with":{"parts":"list"},"kinds":[{"name":"text","kind":"free","of":{"fields":[]}},{"name":"list","kind":"bound","by":"maximum","why":"It cannot be seen.","of":{"any_spelling":true,"fields":[{"name":"type","kind":"free"},{"name":"parts","kind":"free","of":"#part"}]}}]}},"betas":[{"value":"notes-2026","kind":"refused","why":"It is not bounded.","opens":["notes[text]"]}],"headers":[{"name":"User-Agent","why":"It names the client.","values":["a"]}]}""";

    public static VendorTables Read(string text) => TableReader.Read(Encoding.UTF8.GetBytes(text));
}
