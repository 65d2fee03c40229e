"""Definitions in other languages: the rules alone know what they do, so that none is read as Read for want of words."""

import pytest

from classifier.definition import prepare
from classifier.judge import judge
from toolcensus.records import Tool

DEEDS = {
    "Read": (
        "列出所有订单",
        "查询天气预报",
        "注文の一覧を取得します",
        "ドキュメントを検索する",
        "모든 주문 목록을 조회합니다",
        "Lista todos los pedidos",
        "Busca documentos por palabra clave",
        "Listet alle Bestellungen auf",
        "Recherche des documents par mot-clé",
        "Lista todos os pedidos",
        "Возвращает список заказов",
        "Ищет документы по ключевому слову",
    ),
    "Write": (
        "删除指定的文件",
        "向用户发送短信",
        "指定したファイルを削除します",
        "新しいプロジェクトを作成します",
        "고객에게 이메일을 보냅니다",
        "사용자 정보를 수정합니다",
        "Elimina un archivo del proyecto",
        "Publica un comentario en el foro",
        "Löscht eine Datei aus dem Projekt",
        "Verschiebt eine Nachricht in einen Ordner",
        "Supprime un fichier du projet",
        "Publie un commentaire",
        "Exclui um arquivo do projeto",
        "Atualiza os dados do usuário",
        "Удаляет файл из проекта",
        "Публикует комментарий",
        "Очищает таблицу",
    ),
    "Execute": (
        "运行一段代码并返回输出",
        "コードを実行して結果を返します",
        "サーバーを再起動します",
        "서버를 재시작합니다",
        "Ejecuta un comando en la terminal",
        "Reinicia el servidor",
        "Führt einen Befehl in der Shell aus",
        "Redémarre le serveur",
        "Reinicia o servidor",
        "Перезапускает сервер",
    ),
}


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, texts in DEEDS.items() for text in texts]
)
def test_the_verbs_of_other_languages_are_known(category: str, text: str) -> None:
    assert judge(prepare(Tool(name="t1", description=text))).decision.category == category
